//! What different families call the same field.

/// Spellings of one field, the first of which is the name used in code and messages.
///
/// Source: the `attribute_map`s of the transformers library and vLLM 0.33's config convertors.
#[rustfmt::skip]
pub(super) const SPELLINGS: &[&[&str]] = &[
    &["hidden_size", "n_embd", "d_model", "emb_dim", "model_dim", "dim"],
    &["num_hidden_layers", "n_layer", "n_layers", "num_layers"],
    &["num_attention_heads", "n_head", "n_heads", "num_heads"],
    &["num_key_value_heads", "n_head_kv", "num_kv_heads", "multi_query_group_num", "num_attention_groups", "kv_n_heads"],
    &["head_dim", "hidden_size_per_head", "kv_channels", "d_kv", "attention_head_dim"],
    &["intermediate_size", "ffn_dim", "n_inner", "d_ff", "ffn_hidden_size", "ff_intermediate_size"],
    &["vocab_size", "padded_vocab_size"],
    &["num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"],
    &["num_experts_per_tok", "num_experts_per_token", "top_k_experts", "moe_topk", "moe_top_k", "moe_k", "top_k"],
    &["n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert"],
    &["moe_intermediate_size", "expert_ffn_hidden_size", "moe_ffn_hidden_size", "expert_hidden_size"],
    &["shared_expert_intermediate_size", "moe_shared_expert_intermediate_size", "shared_intermediate_size"],
    &["max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_sequence_length", "max_seq_length", "seq_len"],
    &["dtype", "torch_dtype"],
    &["sliding_window_pattern", "_sliding_window_pattern"],
];
