"""Models of timm, drawn at random from their constructors.

Each function of FAMILIES takes a random.Random and returns a Case.
"""

import json

from draw import (  # before timm
    Case, add_attention, file_type, other_grid, sizes, spread, widths)

import timm
import torch


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


# Arguments that the tensors tell, too: not every config.json has them. Those of
# which the architecture's name tells another value stay.
TOLD = {"in_chans", "num_classes", "mlp_ratio", "qkv_bias", "qk_norm",
        "proj_bias", "init_values", "class_token", "reg_tokens",
        "no_embed_class", "pre_norm", "final_norm", "fc_norm", "pos_embed",
        "scale_attn_norm", "scale_mlp_norm"}


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


def timm_eva(rng):
    patch, image = sizes(rng)
    heads, width = widths(rng)
    arguments = dict(img_size=image, patch_size=patch, embed_dim=width,
                     in_chans=rng.choice([1, 3]), num_heads=heads,
                     depth=rng.choice([1, 2]), mlp_ratio=rng.choice([2.0, 4.0]),
                     num_classes=rng.choice([0, 7]), qkv_bias=rng.random() < 0.8,
                     init_values=rng.choice([None, 0.1]),
                     global_pool=rng.choice(["token", "avg"]))
    return timm_case(rng.choice(["eva_giant_patch14_224",
                                 "eva_giant_patch14_clip_224"]), arguments, rng)


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


FAMILIES = (timm_vit, timm_vit_resized, timm_swiglu, timm_eva, timm_deit,
            timm_tnt)
