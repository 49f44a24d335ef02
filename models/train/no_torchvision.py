"""Let timm be imported where torchvision is not installed.

timm imports torchvision for image transforms, data sets and one normalisation
layer, none of which the two classes used here (VisionTransformer and TNT)
touch. torchvision's wheels must match the build of torch, and there is none
for every CPU build. So this module answers `import torchvision...` with empty
modules whose every attribute is a placeholder class.

Import it before timm. It does nothing where a torchvision is installed.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types


class _Members(type):
    """Gives a placeholder class every public member: its name as a string."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Placeholder(types.ModuleType):
    """A module that has every public name; each is an empty class."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        placeholder = _Members(name, (), {})
        setattr(self, name, placeholder)
        return placeholder


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] != "torchvision":
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return _Placeholder(spec.name)

    def exec_module(self, module):
        pass


if importlib.util.find_spec("torchvision") is None:
    sys.meta_path.append(_Finder())
