"""Models of transformers, drawn at random from their configurations.

Each function of FAMILIES takes a random.Random and returns a Case.
"""

import math

import torch
import transformers
from draw import (
    Case, add_attention, file_type, other_grid, sizes, spread, widths)

ACTIVATIONS = ["gelu", "gelu_pytorch_tanh", "quick_gelu", "silu", "relu"]


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


FAMILIES = (hf_vit, hf_deit, hf_dinov2, hf_vit_mae, hf_clip, hf_siglip)
