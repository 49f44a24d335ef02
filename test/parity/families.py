"""The families that the parity suite draws models of, by name."""

import draw_hf
import draw_timm

FAMILIES = {function.__name__: function for function in (
    *draw_timm.FAMILIES, *draw_hf.FAMILIES)}
