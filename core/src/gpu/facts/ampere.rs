//! MIG profiles of Ampere GPUs.
//!
//! Columns: name, shape, `-cgi` id, most instances, how placements are known, MiB measured, MiB floor,
//! basis of the floor, other MiB seen, SMs, copy engines, [decoders, encoders, JPEG, OFA], sources.

use super::row::*;
use super::sources::*;
use crate::gpu::Profile;

/// NVIDIA A100 40GB.
#[rustfmt::skip]
pub(super) static A100_40GB: [Profile; 7] = [
    //  name         shape         -cgi id   n  placed   MiB          floor  basis     seen             SM        CE       DEC ENC JPG OFA source
    row("1g.5gb",    &E_1G,        said(19), 7, PRINTED, Some(4864),  4864,  MEASURED, &[4864],         Some(14), Some(1), [0, 0, 0, 0], &[GUIDE580, KEP4815, MOCK_A100]),
    row("1g.5gb+me", &E_1G_ME,     said(20), 1, PRINTED, Some(4864),  4864,  MEASURED, &[],             Some(14), Some(1), [1, 0, 1, 1], &[GUIDE580, KEP4815, MOCK_A100]),
    row("1g.10gb",   &E_1G_DOUBLE, said(15), 4, PRINTED, Some(9856),  9856,  MEASURED, &[],             Some(14), Some(1), [1, 0, 0, 0], &[GUIDE580, KEP4815, MOCK_A100]),
    row("2g.10gb",   &E_2G,        said(14), 3, PRINTED, Some(9856),  9856,  MEASURED, &[9984],         Some(28), Some(2), [1, 0, 0, 0], &[GUIDE580, KEP4815, MOCK_A100]),
    row("3g.20gb",   &E_3G,        said(9),  2, PRINTED, Some(19968), 19968, MEASURED, &[20096, 20224], Some(42), Some(3), [2, 0, 0, 0], &[GUIDE580, KEP4815, MOCK_A100]),
    row("4g.20gb",   &E_4G,        said(5),  1, PRINTED, Some(19968), 19968, MEASURED, &[20096],        Some(56), Some(4), [2, 0, 0, 0], &[GUIDE580, KEP4815, MOCK_A100]),
    row("7g.40gb",   &E_7G,        said(0),  1, PRINTED, Some(40192), 40192, MEASURED, &[40448],        Some(98), Some(7), [5, 0, 1, 1], &[GUIDE580, KEP4815, MOCK_A100]),
];

/// NVIDIA A100 80GB.
#[rustfmt::skip]
pub(super) static A100_80GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor  basis     seen             SM        CE       DEC ENC JPG OFA source
    row("1g.10gb",    &E_1G,        said(19), 7, TREE, Some(9728),  9728,  MEASURED, &[9728, 9984],   Some(14), Some(1), [0, 0, 0, 0], &[GUIDE580]),
    row("1g.10gb+me", &E_1G_ME,     said(20), 1, TREE, Some(9728),  9728,  MEASURED, &[],             Some(14), Some(1), [1, 0, 1, 1], &[GUIDE580]),
    row("1g.20gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(19968), 19968, MEASURED, &[],             Some(14), Some(1), [1, 0, 0, 0], &[GUIDE580]),
    row("2g.20gb",    &E_2G,        said(14), 3, TREE, Some(19968), 19968, MEASURED, &[],             Some(28), Some(2), [1, 0, 0, 0], &[GUIDE580]),
    row("3g.40gb",    &E_3G,        said(9),  2, TREE, Some(40192), 40192, MEASURED, &[40192, 40448], Some(42), Some(3), [2, 0, 0, 0], &[GUIDE580]),
    row("4g.40gb",    &E_4G,        said(5),  1, TREE, Some(40192), 40192, MEASURED, &[40192, 40448], Some(56), Some(4), [2, 0, 0, 0], &[GUIDE580]),
    row("7g.80gb",    &E_7G,        said(0),  1, TREE, Some(80896), 80896, MEASURED, &[80896],        Some(98), Some(7), [5, 0, 1, 1], &[GUIDE580]),
];

/// NVIDIA PG506-232 96GB.
#[rustfmt::skip]
pub(super) static PG506_96GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor  basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.12gb",    &E_1G,        said(19), 7, TREE, None, 11008, RATIO, &[], None, Some(1), [0, 0, 0, 0], &[MIG_PARTED]),
    row("1g.12gb+me", &E_1G_ME,     said(20), 1, TREE, None, 11008, RATIO, &[], None, Some(1), [1, 0, 1, 1], &[MIG_PARTED]),
    row("1g.24gb",    &E_1G_DOUBLE, said(15), 4, TREE, None, 22016, RATIO, &[], None, Some(1), [1, 0, 0, 0], &[MIG_PARTED]),
    row("2g.24gb",    &E_2G,        said(14), 3, TREE, None, 22016, RATIO, &[], None, Some(2), [1, 0, 0, 0], &[MIG_PARTED]),
    row("3g.48gb",    &E_3G,        said(9),  2, TREE, None, 47168, RATIO, &[], None, Some(3), [2, 0, 0, 0], &[MIG_PARTED]),
    row("4g.48gb",    &E_4G,        said(5),  1, TREE, None, 47168, RATIO, &[], None, Some(4), [2, 0, 0, 0], &[MIG_PARTED]),
    row("7g.96gb",    &E_7G,        said(0),  1, TREE, None, 94400, RATIO, &[], None, Some(7), [5, 0, 1, 1], &[MIG_PARTED]),
];

/// NVIDIA A30 24GB.
#[rustfmt::skip]
pub(super) static A30_24GB: [Profile; 5] = [
    //  name          shape     -cgi id   n  placed   MiB          floor  basis     seen     SM        CE       DEC ENC JPG OFA source
    row("1g.6gb",     &Q_1G,    said(14), 4, PRINTED, Some(5952),  5952,  MEASURED, &[5952], Some(14), Some(1), [1, 0, 0, 0], &[GUIDE580, A30_LGIP, COLFAX]),
    row("1g.6gb+me",  &Q_1G_ME, said(21), 1, PRINTED, Some(5952),  5952,  MEASURED, &[],     Some(14), Some(1), [1, 0, 1, 1], &[GUIDE580, A30_LGIP, COLFAX]),
    row("2g.12gb",    &Q_2G,    said(5),  2, PRINTED, Some(11968), 11968, MEASURED, &[],     Some(28), Some(2), [2, 0, 0, 0], &[GUIDE580, A30_LGIP, COLFAX]),
    row("2g.12gb+me", &Q_2G_ME, maybe(6), 1, TREE,    Some(11968), 11968, MEASURED, &[],     Some(28), Some(2), [2, 0, 1, 1], &[GUIDE580]),
    row("4g.24gb",    &Q_4G,    said(0),  1, PRINTED, Some(24064), 24064, MEASURED, &[],     Some(56), Some(4), [4, 0, 1, 1], &[GUIDE580, A30_LGIP, COLFAX]),
];
