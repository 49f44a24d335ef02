"""Models of timm and transformers, drawn at random from their constructors.

Each function of FAMILIES takes a random.Random and returns a Case: the library's
model, how the library saves it, and what it computes of an image.
"""

import dataclasses
import json
import logging
import math
import pathlib
import sys
import typing

import torch
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "models" / "train"))
import no_torchvision  # noqa: E402,F401  (before timm, behind transformers)
import timm  # noqa: E402

timm.layers.set_fused_attn(False)
logging.getLogger("timm").setLevel(logging.ERROR)
transformers.utils.logging.disable_progress_bar()
ACTIVATIONS = ["gelu", "gelu_pytorch_tanh", "quick_gelu", "silu", "relu"]


@dataclasses.dataclass
class Case:
    model: torch.nn.Module
    shape: tuple  # of the image: channels, height, width
    save: typing.Callable  # (folder)
    outputs: typing.Callable  # (model, image) -> {name: tensor}
    blocks: typing.Callable  # (model, image, block) -> {name: tensor}
    depth: int
    text: str  # what was drawn
    dtype: torch.dtype = torch.float32  # of the saved file
    settings: dict = dataclasses.field(default_factory=dict)  # for --set
    resized: typing.Callable = None  # model -> the model for `settings`

    def write(self, folder):
        """Saves the model in the drawn type, to which its weights are rounded;
        the model is then the one that the settings ask for."""
        self.model.to(self.dtype)
        self.save(folder)
        self.model.float()
        if self.resized:
            self.model = self.resized(self.model)


def spread(model, generator, gain=1.1):
    """Fills a model with numbers that show mistakes: scales of norms far from
    1, biases everywhere, some channels much larger than others. A matrix makes
    independent numbers `gain` times as large."""
    def normal(like, deviation):
        return torch.randn(like.shape, generator=generator) * deviation
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.ndim == 0:
                continue  # scales image and text against each other
            if "norm" in name and name.endswith("weight") and tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.7).exp())
                tensor[::17] *= 4
            elif "gamma" in name or "lambda1" in name:
                tensor.copy_(normal(tensor, 0.5))
            elif tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.3))
                tensor[::29] *= 12
            elif "pos_" in name or "position" in name or "token" in name:
                tensor.copy_(normal(tensor, 0.5))
            else:
                fan_in = tensor[0].numel()
                tensor.copy_(normal(tensor, gain / math.sqrt(fan_in)))
    return model.eval()


def sizes(rng):
    """Patch (height, width), grid and the image that they make."""
    patch = rng.choice([(4, 4), (8, 8), (7, 7), (4, 8)])
    grid = rng.choice([(3, 3), (2, 5), (4, 4), (1, 1), (5, 5)])
    return patch, (patch[0] * grid[0], patch[1] * grid[1])


def widths(rng):
    heads = rng.choice([1, 2, 3, 4])
    return heads, heads * rng.choice([6, 8, 10, 16, 22])


def file_type(rng):
    return rng.choice([torch.float32] * 4 + [torch.float16, torch.bfloat16])


def other_grid(rng, grid):
    """Another grid of patches, square or not."""
    return rng.choice([other for other in ((2, 2), (3, 3), (4, 2), (3, 7), (6, 6))
                       if other != grid])


def timm_outputs(model, image):
    features = model.forward_features(image)
    result = {"features": model.forward_head(features, pre_logits=True)}
    if model.num_classes:
        result["logits"] = model(image)
    return result


def timm_blocks(model, image, block):
    """What block number `block` leaves: tokens and maps of attention."""
    seen = {}

    def keep(name, module):
        return module.register_forward_hook(
            lambda _, inputs, output: seen.update({name: (inputs, output)}))
    layer = model.blocks[block]
    nested = hasattr(layer, "attn_out")
    hooks = [keep("attention",
                  (layer.attn_out if nested else layer.attn).attn_drop)]
    if nested:
        hooks += [keep("inner", layer.attn_in.attn_drop), keep("block", layer)]
    arguments = dict(indices=[block], intermediates_only=True)
    tokens, = model.forward_intermediates(
        image, output_fmt="NLC", return_prefix_tokens=True, **arguments)
    for hook in hooks:
        hook.remove()
    patches, prefix = tokens if isinstance(tokens, tuple) else (tokens, None)
    result = {"patches": patches, "tokens": patches if prefix is None
              else torch.cat((prefix, patches), 1)}
    result["map"], = model.forward_intermediates(image, **arguments)
    if not isinstance(model.norm, torch.nn.Identity):
        result["normed_map"], = model.forward_intermediates(
            image, norm=True, **arguments)
        result["normed_patches"], = model.forward_intermediates(
            image, norm=True, output_fmt="NLC", **arguments)
    add_attention(result, seen["attention"][1], getattr(
        model, "has_class_token", True))
    if nested:
        images, count = patches.shape[:2]
        result["words"] = seen["block"][1][0].unflatten(0, (images, count))
        result["inner_attention"] = seen["inner"][1].unflatten(
            0, (images, count))
    return {f"{name}@{block}": value for name, value in result.items()}


def add_attention(result, attention, class_token):
    """Adds the map and what the class token sees of the patches."""
    result["attention"] = attention
    patches = result["patches"].shape[1]
    if class_token:
        result["class_attention"] = attention[:, :, 0, -patches:].unflatten(
            -1, result["map"].shape[2:])


# Arguments that the tensors tell, too: not every config.json has them.
TOLD = {"in_chans", "num_classes", "embed_dim", "inner_dim", "depth",
        "mlp_ratio", "qkv_bias", "qk_norm", "proj_bias", "init_values",
        "class_token", "reg_tokens", "no_embed_class", "pre_norm", "final_norm",
        "fc_norm", "pos_embed", "scale_attn_norm", "scale_mlp_norm"}


def timm_save(model, folder, left_out):
    timm.models.save_for_hf(model, folder, safe_serialization=True)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    for name in left_out & config["model_args"].keys():
        del config["model_args"][name]
    path.write_text(json.dumps(config))


def timm_case(name, arguments, rng):
    """A model that timm makes of a name and arguments."""
    model = timm.create_model(name, **arguments)
    spread(model, torch.Generator().manual_seed(rng.randrange(2**31)))
    left_out = {key for key in sorted(TOLD) if rng.random() < 0.2}
    case = Case(model, (arguments.get("in_chans", 3), *arguments["img_size"]),
                lambda folder: timm_save(model, folder, left_out),
                timm_outputs, timm_blocks, len(model.blocks), "",
                file_type(rng))
    case.text = f"{name} {arguments} {case.dtype}"
    return case


def timm_resized(case, rng, grid, patches=()):
    """The case with another image size, or patch size of `patches` too: timm
    resamples the weights of its model."""
    height, width = case.model.patch_embed.patch_size
    if patches and rng.random() < 0.5:
        height, width = patch = rng.choice(
            [other for other in patches if other != (height, width)])
        case.settings["patch"] = f"{height}x{width}"
    else:
        patch = None
    rows, columns = other_grid(rng, grid)
    image = (rows * height, columns * width)
    case.settings["image"] = f"{image[0]}x{image[1]}"
    case.shape = (case.shape[0], *image)
    case.text += f" {case.settings}"

    def resized(model):
        model.set_input_size(img_size=image, patch_size=patch)
        return model
    case.resized = resized
    return case


def timm_vit(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    class_token = rng.random() < 0.7
    pool = rng.choice(["avg", "max", "avgmax", "map"] +
                      ["token"] * (4 if class_token else 0))
    arguments = dict(
        img_size=image, patch_size=patch, in_chans=rng.choice([1, 3, 3, 4]),
        num_classes=rng.choice([0, 5, 11]), embed_dim=width, num_heads=heads,
        depth=rng.choice([1, 2, 3]), mlp_ratio=rng.choice([1.0, 2.7, 4.0]),
        class_token=class_token, global_pool=pool,
        qkv_bias=rng.random() < 0.7, proj_bias=rng.random() < 0.8,
        qk_norm=rng.random() < 0.3,
        init_values=rng.choice([None, 0.1]),
        reg_tokens=rng.choice([0, 0, 1, 4]),
        no_embed_class=rng.random() < 0.4, pre_norm=rng.random() < 0.3,
        final_norm=rng.random() < 0.9,
        fc_norm=rng.choice([None, None, True, False]),
        pool_include_prefix=rng.random() < 0.3,
        pos_embed=rng.choice(["learn", "learn", "learn", "none"]),
        act_layer=rng.choice(["gelu", "gelu_tanh", "quick_gelu", "silu"]),
        scale_attn_norm=rng.random() < 0.15, scale_mlp_norm=rng.random() < 0.15,
        dynamic_img_size=rng.random() < 0.2)
    name = rng.choice(["vit_base_patch16_224", "vit_base_patch16_clip_224",
                       "vit_base_patch16_siglip_224", "deit3_small_patch16_224",
                       "flexivit_small"])
    return timm_case(name, arguments, rng)


PATCHES = ((4, 4), (8, 8), (7, 7), (4, 8), (5, 3))


def timm_vit_resized(rng):
    """Another image size, another patch size, or both."""
    patch, image = sizes(rng)
    heads, width = widths(rng)
    class_token = rng.random() < 0.7
    arguments = dict(
        img_size=image, patch_size=patch, in_chans=rng.choice([1, 3]),
        num_classes=5, embed_dim=width, num_heads=heads, depth=2,
        class_token=class_token, reg_tokens=rng.choice([0, 0, 2]),
        global_pool="token" if class_token else "avg",
        no_embed_class=rng.random() < 0.4, qk_norm=rng.random() < 0.3,
        pos_embed=rng.choice(["learn", "learn", "learn", "none"]))
    name = rng.choice(["vit_base_patch16_224", "flexivit_small",
                       "vit_small_patch14_dinov2",
                       "vit_small_patch14_reg4_dinov2"])
    grid = (image[0] // patch[0], image[1] // patch[1])
    return timm_resized(timm_case(name, arguments, rng), rng, grid, PATCHES)


def timm_swiglu(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    arguments = dict(img_size=image, patch_size=patch, embed_dim=width,
                     num_heads=heads, depth=2, mlp_ratio=rng.choice([3.0, 4.0]),
                     num_classes=rng.choice([0, 7]))
    return timm_case(rng.choice(["vit_giant_patch14_dinov2",
                                 "vit_giant_patch14_reg4_dinov2"]),
                     arguments, rng)


def timm_deit(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    arguments = dict(
        img_size=image, patch_size=patch, num_classes=rng.choice([0, 5]),
        embed_dim=width, num_heads=heads, depth=rng.choice([1, 3]),
        mlp_ratio=rng.choice([2.0, 3.3]),
        init_values=rng.choice([None, 0.1]), qkv_bias=rng.random() < 0.7,
        qk_norm=rng.random() < 0.3)
    case = timm_case("deit_tiny_distilled_patch16_224", arguments, rng)
    if rng.random() < 0.3:
        grid = (image[0] // patch[0], image[1] // patch[1])
        timm_resized(case, rng, grid)
    return case


def timm_tnt(rng):
    patch = rng.choice([8, 16])
    grid = rng.choice([(2, 2), (3, 3), (2, 4)])
    heads, width = widths(rng)
    inner_heads = rng.choice([1, 2, 4])
    image = (patch * grid[0], patch * grid[1])
    arguments = dict(
        img_size=image, patch_size=patch, num_classes=rng.choice([0, 5]),
        in_chans=rng.choice([1, 3]), embed_dim=width, num_heads_outer=heads,
        inner_dim=inner_heads * rng.choice([4, 6, 10]),
        num_heads_inner=inner_heads, depth=rng.choice([1, 2]),
        mlp_ratio=rng.choice([2.0, 4.0]), qkv_bias=rng.random() < 0.3,
        first_stride=rng.choice([4, patch // 4]),
        global_pool=rng.choice(["token", "avg"]))
    name = rng.choice(["tnt_s_patch16_224", "tnt_s_legacy_patch16_224"])
    case = timm_case(name, arguments, rng)
    if grid[0] == grid[1] and rng.random() < 0.3:
        timm_tnt_resized(case, name, arguments, rng)
    return case


def timm_tnt_resized(case, name, arguments, rng):
    """The case with another image size: timm resamples when it loads, from a
    square grid."""
    patch = arguments["patch_size"]
    rows, columns = rng.choice([(4, 4), (2, 3), (3, 5)])
    image = (rows * patch, columns * patch)
    case.settings["image"] = f"{image[0]}x{image[1]}"
    case.shape = (case.shape[0], *image)
    case.text += f" {case.settings}"

    def resized(model):
        other = timm.create_model(name, **{**arguments, "img_size": image})
        other.load_state_dict(timm.models.tnt.checkpoint_filter_fn(
            dict(model.state_dict()), other))
        return other.eval()
    case.resized = resized


def hf_blocks(model, image, block):
    """The same as timm_blocks, of the model's own lists."""
    tower = getattr(model, "vision_model", model.base_model)
    patch = to_pair(tower.config.patch_size)
    grid = [side // size for side, size in zip(image.shape[2:], patch)]
    arguments = {}
    if isinstance(tower, transformers.ViTMAEModel):  # which shuffles patches
        arguments["noise"] = torch.arange(math.prod(grid)).expand(
            len(image), -1)
    model.set_attn_implementation("eager")
    found = tower(image, output_hidden_states=True, output_attentions=True,
                  **arguments)
    tokens = found.hidden_states[block + 1]
    patches = tokens[:, -math.prod(grid):]
    result = {"tokens": tokens, "patches": patches, "map": patches.transpose(
        1, 2).unflatten(-1, grid)}
    add_attention(result, found.attentions[block],
                  tokens.shape[1] > patches.shape[1])
    return {f"{name}@{block}": value for name, value in result.items()}


def hf_case(model, arguments, rng, outputs):
    """A model of transformers, saved in one file or several, with the names of
    either version. Where it can resample its positions, the image may be
    another; `outputs` takes model, image and whether it is."""
    spread(model, torch.Generator().manual_seed(rng.randrange(2**31)))
    options = {}
    if rng.random() < 0.25:
        options["max_shard_size"] = "20KB"
    if rng.random() < 0.3:
        options["save_original_format"] = False
    patch = to_pair(arguments["patch_size"])
    shape = to_pair(arguments["image_size"])
    grid = (shape[0] // patch[0], shape[1] // patch[1])
    settings = {}
    # transformers resamples from square grids of square patches.
    square = isinstance(arguments["patch_size"], int) and grid[0] == grid[1]
    if square and rng.random() < 0.4:
        rows, columns = other_grid(rng, grid)
        shape = (rows * patch[0], columns * patch[1])
        settings["image"] = f"{shape[0]}x{shape[1]}"
    case = Case(model, (arguments["num_channels"], *shape),
                lambda folder: model.save_pretrained(folder, **options),
                lambda model, image: outputs(model, image, bool(settings)),
                hf_blocks, arguments["num_hidden_layers"], "", file_type(rng),
                settings)
    case.text = (f"{type(model).__name__} {model.config.to_diff_dict()} "
                 f"{options} {case.dtype} {settings}")
    return case


def to_pair(size):
    return (size, size) if isinstance(size, int) else tuple(size)


def hf_sizes(rng, square=True):
    """Arguments that the configurations share."""
    heads, width = widths(rng)
    patch = rng.choice([4, 7, 8])
    image = patch * rng.choice([2, 3, 5])
    if not square and rng.random() < 0.3:
        patch, image = map(list, sizes(rng))
    return dict(image_size=image, patch_size=patch,
                hidden_size=width, num_attention_heads=heads,
                num_hidden_layers=rng.choice([1, 2, 3]),
                num_channels=rng.choice([1, 3, 3]),
                hidden_act=rng.choice(ACTIVATIONS),
                layer_norm_eps=rng.choice([1e-12, 1e-6, 1e-5, 1e-3]))


def class_row(model, image, base, **options):
    """What a model without a pooler of its own says of an image."""
    hidden = getattr(model, base, model)(image, **options).last_hidden_state
    result = {"features": hidden[:, 0], "tokens": hidden}
    if hasattr(model, "classifier"):
        result["logits"] = model(image, **options).logits
    return result


def hf_vit(rng):
    arguments = hf_sizes(rng, square=False)
    arguments.update(intermediate_size=rng.choice([24, 33, 64]),
                     qkv_bias=rng.random() < 0.7, num_labels=6)
    kind = rng.choice([transformers.ViTModel,
                       transformers.ViTForImageClassification])

    def outputs(model, image, other):
        return class_row(model, image, "vit", interpolate_pos_encoding=other)
    return hf_case(kind(transformers.ViTConfig(**arguments)), arguments, rng,
                   outputs)


def hf_deit(rng):
    arguments = hf_sizes(rng, square=False)
    arguments.update(intermediate_size=rng.choice([24, 33, 64]),
                     qkv_bias=rng.random() < 0.7, num_labels=6)
    kind = rng.choice([transformers.DeiTModel,
                       transformers.DeiTForImageClassification,
                       transformers.DeiTForImageClassificationWithTeacher])

    def outputs(model, image, other):
        options = {"interpolate_pos_encoding": other}
        if kind is transformers.DeiTForImageClassificationWithTeacher:
            return {"logits": model(image, **options).logits}
        return class_row(model, image, "deit", **options)
    return hf_case(kind(transformers.DeiTConfig(**arguments)), arguments, rng,
                   outputs)


def hf_dinov2(rng):
    """The base alone or with the classifier, which reads the class token and
    the mean of the patches."""
    arguments = hf_sizes(rng)
    arguments.update(mlp_ratio=rng.choice([1, 2, 4]), num_labels=6,
                     qkv_bias=rng.random() < 0.7,
                     use_swiglu_ffn=rng.random() < 0.4)
    registers = rng.choice([0, 0, 1, 4])
    classifies = rng.random() < 0.5
    if registers:
        config = transformers.Dinov2WithRegistersConfig(
            num_register_tokens=registers, **arguments)
        model = (transformers.Dinov2WithRegistersForImageClassification(config)
                 if classifies else transformers.Dinov2WithRegistersModel(config))
    else:
        config = transformers.Dinov2Config(**arguments)
        model = (transformers.Dinov2ForImageClassification(config)
                 if classifies else transformers.Dinov2Model(config))

    def outputs(model, image, other):
        if not classifies:
            return class_row(model, image, "")
        base = model.dinov2_with_registers if registers else model.dinov2
        hidden = base(image).last_hidden_state
        return {"logits": model(image).logits, "features": torch.cat(
            [hidden[:, 0], hidden[:, 1 + registers:].mean(1)], 1)}
    return hf_case(model, arguments, rng, outputs)


def hf_vit_mae(rng):
    arguments = hf_sizes(rng)
    while arguments["hidden_size"] % 4:  # of its sine and cosine table
        arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]), mask_ratio=0.0,
                     qkv_bias=rng.random() < 0.7, decoder_hidden_size=16,
                     decoder_num_attention_heads=2, decoder_num_hidden_layers=1,
                     decoder_intermediate_size=16)
    kind = rng.choice([transformers.ViTMAEModel,
                       transformers.ViTMAEForPreTraining])

    def outputs(model, image, other):
        # The tokens come in random order.
        hidden = getattr(model, "vit", model)(
            image, interpolate_pos_encoding=other).last_hidden_state
        return {"features": hidden[:, 0]}
    return hf_case(kind(transformers.ViTMAEConfig(**arguments)), arguments, rng,
                   outputs)


TEXT = dict(hidden_size=16, num_attention_heads=2, num_hidden_layers=1,
            intermediate_size=16, vocab_size=20, bos_token_id=1, eos_token_id=2)


def hf_clip(rng):
    """The image tower alone, with projection or classifier, or both towers."""
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]), projection_dim=12)
    kind = rng.choice([transformers.CLIPVisionModel,
                       transformers.CLIPVisionModelWithProjection,
                       transformers.CLIPForImageClassification,
                       transformers.CLIPModel])
    if kind in (transformers.CLIPVisionModel,
                transformers.CLIPVisionModelWithProjection):
        config = transformers.CLIPVisionConfig(**arguments)
    else:
        config = transformers.CLIPConfig(
            text_config=TEXT, vision_config=arguments, projection_dim=12,
            num_labels=6)

    def outputs(model, image, other):
        options = {"interpolate_pos_encoding": other}
        if kind is transformers.CLIPVisionModel:
            return {"features": model(image, **options).pooler_output}
        if kind is transformers.CLIPVisionModelWithProjection:
            return {"logits": model(image, **options).image_embeds}
        if kind is transformers.CLIPModel:
            return {"logits": model.get_image_features(
                image, **options).pooler_output}
        return {"logits": model(image, **options).logits}
    return hf_case(kind(config), arguments, rng, outputs)


def hf_siglip(rng):
    """The image tower alone, with a classifier, or both towers."""
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]))
    kind = rng.choice([transformers.SiglipVisionModel,
                       transformers.SiglipVisionModel,
                       transformers.SiglipForImageClassification,
                       transformers.SiglipModel])
    if kind is transformers.SiglipVisionModel:
        config = transformers.SiglipVisionConfig(**arguments)
    else:
        config = transformers.SiglipConfig(
            text_config=TEXT, vision_config=arguments, num_labels=6)

    def outputs(model, image, other):
        options = {"interpolate_pos_encoding": other}
        if kind is transformers.SiglipForImageClassification:
            return {"logits": model(image, **options).logits}
        tower = getattr(model, "vision_model", model)
        return {"features": tower(image, **options).pooler_output}
    return hf_case(kind(config), arguments, rng, outputs)


FAMILIES = {function.__name__: function for function in (
    timm_vit, timm_vit_resized, timm_swiglu, timm_deit, timm_tnt, hf_vit,
    hf_deit, hf_dinov2, hf_vit_mae, hf_clip, hf_siglip)}
