"""Models of timm and transformers, drawn at random from their constructors.

Each function of FAMILIES takes a random.Random and returns a Case: the library's
model, how the library saves it, and what it computes of an image.
"""

import dataclasses
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


def spread(model, generator, gain=1.1):
    """Fills a model with numbers that show mistakes: scales of norms far from
    1, biases everywhere, some channels much larger than others. A matrix makes
    independent numbers `gain` times as large."""
    def normal(like, deviation):
        return torch.randn(like.shape, generator=generator) * deviation
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "norm" in name and name.endswith("weight") and tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.7).exp())
                tensor[::17] *= 4
            elif "gamma" in name or "lambda1" in name:
                tensor.copy_(normal(tensor, 0.5))
            elif tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.3))
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


def timm_case(name, arguments, shape, seed):
    model = timm.create_model(name, **arguments)
    spread(model, torch.Generator().manual_seed(seed))
    return Case(model, shape,
                lambda folder: timm.models.save_for_hf(
                    model, folder, safe_serialization=True),
                timm_outputs, timm_blocks, len(model.blocks),
                f"{name} {arguments}")


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
        init_values=rng.choice([None, 0.1]),
        reg_tokens=rng.choice([0, 0, 1, 4]),
        no_embed_class=rng.random() < 0.4, pre_norm=rng.random() < 0.3,
        final_norm=rng.random() < 0.9,
        fc_norm=rng.choice([None, None, True, False]),
        pool_include_prefix=rng.random() < 0.3,
        pos_embed=rng.choice(["learn", "learn", "learn", "none"]),
        act_layer=rng.choice(["gelu", "gelu_tanh", "quick_gelu", "silu"]),
        scale_attn_norm=rng.random() < 0.15, scale_mlp_norm=rng.random() < 0.15)
    name = rng.choice(["vit_base_patch16_224", "vit_base_patch16_clip_224",
                       "vit_base_patch16_siglip_224", "deit3_small_patch16_224",
                       "flexivit_small"])
    return timm_case(name, arguments, (arguments["in_chans"], *image),
                     rng.randrange(2**31))


def timm_swiglu(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    arguments = dict(img_size=image, patch_size=patch, embed_dim=width,
                     num_heads=heads, depth=2, mlp_ratio=rng.choice([3.0, 4.0]),
                     num_classes=rng.choice([0, 7]))
    return timm_case(rng.choice(["vit_giant_patch14_dinov2",
                                 "vit_giant_patch14_reg4_dinov2"]),
                     arguments, (3, *image), rng.randrange(2**31))


def timm_deit(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    arguments = dict(
        img_size=image, patch_size=patch, num_classes=rng.choice([0, 5]),
        embed_dim=width, num_heads=heads, depth=rng.choice([1, 3]),
        mlp_ratio=rng.choice([2.0, 3.3]),
        init_values=rng.choice([None, 0.1]), qkv_bias=rng.random() < 0.7)
    return timm_case("deit_tiny_distilled_patch16_224", arguments, (3, *image),
                     rng.randrange(2**31))


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
    return timm_case(rng.choice(["tnt_s_patch16_224",
                                 "tnt_s_legacy_patch16_224"]),
                     arguments, (arguments["in_chans"], *image),
                     rng.randrange(2**31))


def hf_blocks(model, image, block):
    """The same as timm_blocks, of the model's own lists."""
    config = getattr(model.config, "vision_config", model.config)
    grid = config.image_size // config.patch_size
    arguments = {}
    if isinstance(model, transformers.ViTMAEModel):  # which shuffles patches
        arguments["noise"] = torch.arange(grid * grid).expand(len(image), -1)
    model.set_attn_implementation("eager")
    found = model(image, output_hidden_states=True, output_attentions=True,
                  **arguments)
    tokens = found.hidden_states[block + 1]
    patches = tokens[:, -grid * grid:]
    result = {"tokens": tokens, "patches": patches, "map": patches.transpose(
        1, 2).unflatten(-1, (grid, grid))}
    add_attention(result, found.attentions[block],
                  tokens.shape[1] > patches.shape[1])
    return {f"{name}@{block}": value for name, value in result.items()}


def hf_case(model, shape, outputs, seed):
    spread(model, torch.Generator().manual_seed(seed))
    config = getattr(model.config, "vision_config", model.config)
    return Case(model, shape, model.save_pretrained, outputs, hf_blocks,
                config.num_hidden_layers,
                f"{type(model).__name__} {model.config.to_diff_dict()}")


def hf_sizes(rng):
    """Arguments that the configurations share; images are square."""
    heads, width = widths(rng)
    patch = rng.choice([4, 7, 8])
    return dict(image_size=patch * rng.choice([2, 3, 5]), patch_size=patch,
                hidden_size=width, num_attention_heads=heads,
                num_hidden_layers=rng.choice([1, 2, 3]),
                num_channels=rng.choice([1, 3, 3]),
                hidden_act=rng.choice(ACTIVATIONS),
                layer_norm_eps=rng.choice([1e-12, 1e-6, 1e-5, 1e-3]))


def hf_shape(arguments):
    side = arguments["image_size"]
    return (arguments["num_channels"], side, side)


def class_row(model, image, base):
    result = {}
    hidden = getattr(model, base, model)(image).last_hidden_state
    result["features"] = hidden[:, 0]
    if hasattr(model, "classifier"):
        result["logits"] = model(image).logits
    return result


def hf_vit(rng):
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 33, 64]),
                     qkv_bias=rng.random() < 0.7, num_labels=6)
    kind = rng.choice([transformers.ViTModel,
                       transformers.ViTForImageClassification])
    return hf_case(kind(transformers.ViTConfig(**arguments)),
                   hf_shape(arguments),
                   lambda model, image: class_row(model, image, "vit"),
                   rng.randrange(2**31))


def hf_deit(rng):
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 33, 64]),
                     qkv_bias=rng.random() < 0.7, num_labels=6)
    kind = rng.choice([transformers.DeiTModel,
                       transformers.DeiTForImageClassification,
                       transformers.DeiTForImageClassificationWithTeacher])

    def outputs(model, image):
        if kind is transformers.DeiTForImageClassificationWithTeacher:
            return {"logits": model(image).logits}
        return class_row(model, image, "deit")
    return hf_case(kind(transformers.DeiTConfig(**arguments)),
                   hf_shape(arguments), outputs, rng.randrange(2**31))


def hf_dinov2(rng):
    arguments = hf_sizes(rng)
    arguments.update(mlp_ratio=rng.choice([1, 2, 4]),
                     qkv_bias=rng.random() < 0.7,
                     use_swiglu_ffn=rng.random() < 0.4)
    if rng.random() < 0.5:
        model = transformers.Dinov2Model(transformers.Dinov2Config(**arguments))
    else:
        model = transformers.Dinov2WithRegistersModel(
            transformers.Dinov2WithRegistersConfig(
                num_register_tokens=rng.choice([1, 4]), **arguments))
    return hf_case(model, hf_shape(arguments),
                   lambda model, image: class_row(model, image, ""),
                   rng.randrange(2**31))


def hf_vit_mae(rng):
    arguments = hf_sizes(rng)
    while arguments["hidden_size"] % 4:  # of its sine and cosine table
        arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]), mask_ratio=0.0,
                     qkv_bias=rng.random() < 0.7)
    return hf_case(transformers.ViTMAEModel(
        transformers.ViTMAEConfig(**arguments)), hf_shape(arguments),
        lambda model, image: class_row(model, image, ""),
        rng.randrange(2**31))


def hf_clip(rng):
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]), projection_dim=12)
    kind = rng.choice([transformers.CLIPVisionModel,
                       transformers.CLIPVisionModelWithProjection])

    def outputs(model, image):
        if kind is transformers.CLIPVisionModel:
            return {"features": model(image).pooler_output}
        return {"logits": model(image).image_embeds}
    return hf_case(kind(transformers.CLIPVisionConfig(**arguments)),
                   hf_shape(arguments), outputs, rng.randrange(2**31))


def hf_siglip(rng):
    arguments = hf_sizes(rng)
    arguments.update(intermediate_size=rng.choice([24, 64]))
    if rng.random() < 0.6:
        model = transformers.SiglipVisionModel(
            transformers.SiglipVisionConfig(**arguments))
        return hf_case(model, hf_shape(arguments), lambda model, image: {
            "features": model(image).pooler_output}, rng.randrange(2**31))
    text = dict(hidden_size=16, num_attention_heads=2, num_hidden_layers=1,
                intermediate_size=16, vocab_size=20)
    model = transformers.SiglipForImageClassification(transformers.SiglipConfig(
        text_config=text, vision_config=arguments, num_labels=6))
    return hf_case(model, hf_shape(arguments), lambda model, image: {
        "logits": model(image).logits}, rng.randrange(2**31))


FAMILIES = {function.__name__: function for function in (
    timm_vit, timm_swiglu, timm_deit, timm_tnt, hf_vit, hf_deit, hf_dinov2,
    hf_vit_mae, hf_clip, hf_siglip)}
