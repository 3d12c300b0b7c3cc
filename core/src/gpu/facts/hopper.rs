//! MIG profiles of Hopper GPUs.
//!
//! Columns: name, shape, `-cgi` id, most instances, how placements are known, MiB measured, MiB floor,
//! basis of the floor, other MiB seen, SMs, copy engines, [decoders, encoders, JPEG, OFA], sources.

use super::row::*;
use super::sources::*;
use crate::gpu::Profile;

/// NVIDIA H100 80GB SXM5.
#[rustfmt::skip]
pub(super) static H100_80GB_SXM: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor  basis      seen             SM         CE       DEC ENC JPG OFA source
    row("1g.10gb",    &E_1G,        said(19), 7, TREE, Some(9984),  9856,  H100_PCIE, &[],             Some(16),  Some(1), [1, 0, 1, 0], &[GUIDE580, JBARROW, VGPU]),
    row("1g.10gb+me", &E_1G_ME,     said(20), 1, TREE, Some(9984),  9856,  H100_PCIE, &[],             Some(16),  Some(1), [1, 0, 1, 1], &[GUIDE580, JBARROW, VGPU]),
    row("1g.20gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(20096), 19968, H100_PCIE, &[],             Some(26),  Some(1), [1, 0, 1, 0], &[GUIDE580, JBARROW, VGPU]),
    row("2g.20gb",    &E_2G,        said(14), 3, TREE, Some(20096), 19968, H100_PCIE, &[],             Some(32),  Some(2), [2, 0, 2, 0], &[GUIDE580, JBARROW, VGPU]),
    row("3g.40gb",    &E_3G,        said(9),  2, TREE, Some(40448), 40192, H100_PCIE, &[40320, 40448], Some(60),  Some(3), [3, 0, 3, 0], &[GUIDE580, JBARROW, VGPU]),
    row("4g.40gb",    &E_4G,        said(5),  1, TREE, Some(40448), 40192, H100_PCIE, &[],             Some(64),  Some(4), [4, 0, 4, 0], &[GUIDE580, JBARROW, VGPU]),
    row("7g.80gb",    &E_7G,        said(0),  1, TREE, Some(81152), 80896, H100_PCIE, &[],             Some(132), Some(8), [7, 0, 7, 1], &[GUIDE580, JBARROW, VGPU]),
];

/// NVIDIA H100 80GB PCIe.
#[rustfmt::skip]
pub(super) static H100_80GB_PCIE: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed   MiB          floor  basis     seen SM         CE       DEC ENC JPG OFA source
    row("1g.10gb",    &E_1G,        said(19), 7, PRINTED, Some(9856),  9856,  MEASURED, &[], Some(14),  Some(1), [1, 0, 1, 0], &[SCALEWAY]),
    row("1g.10gb+me", &E_1G_ME,     said(20), 1, PRINTED, Some(9856),  9856,  MEASURED, &[], Some(14),  Some(1), [1, 0, 1, 1], &[SCALEWAY]),
    row("1g.20gb",    &E_1G_DOUBLE, said(15), 4, PRINTED, Some(19968), 19968, MEASURED, &[], Some(14),  Some(1), [1, 0, 1, 0], &[SCALEWAY]),
    row("2g.20gb",    &E_2G,        said(14), 3, PRINTED, Some(19968), 19968, MEASURED, &[], Some(30),  Some(2), [2, 0, 2, 0], &[SCALEWAY]),
    row("3g.40gb",    &E_3G,        said(9),  2, PRINTED, Some(40192), 40192, MEASURED, &[], Some(46),  Some(3), [3, 0, 3, 0], &[SCALEWAY]),
    row("4g.40gb",    &E_4G,        said(5),  1, PRINTED, Some(40192), 40192, MEASURED, &[], Some(62),  Some(4), [4, 0, 4, 0], &[SCALEWAY]),
    row("7g.80gb",    &E_7G,        said(0),  1, PRINTED, Some(80896), 80896, MEASURED, &[], Some(114), Some(8), [7, 0, 7, 1], &[SCALEWAY]),
];

/// NVIDIA H100 NVL 94GB.
#[rustfmt::skip]
pub(super) static H100_94GB_NVL: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed   MiB          floor  basis      seen             SM         CE       DEC ENC JPG OFA source
    row("1g.12gb",    &E_1G,        said(19), 7, PRINTED, Some(11008), 10880, VGPU_HOST, &[10880, 11008], Some(16),  Some(1), [1, 0, 1, 0], &[COLFAX, VGPU]),
    row("1g.12gb+me", &E_1G_ME,     said(20), 1, PRINTED, Some(11008), 10880, VGPU_HOST, &[],             Some(16),  Some(1), [1, 0, 1, 1], &[COLFAX, VGPU]),
    row("1g.24gb",    &E_1G_DOUBLE, said(15), 4, PRINTED, Some(22144), 22016, VGPU_HOST, &[22016, 22144], Some(26),  Some(1), [1, 0, 1, 0], &[COLFAX, VGPU]),
    row("2g.24gb",    &E_2G,        said(14), 3, PRINTED, Some(22144), 22016, VGPU_HOST, &[22016, 22144], Some(32),  Some(2), [2, 0, 2, 0], &[COLFAX, VGPU]),
    row("3g.47gb",    &E_3G,        said(9),  2, PRINTED, Some(47488), 47232, VGPU_HOST, &[47232, 47488], Some(60),  Some(3), [3, 0, 3, 0], &[COLFAX, VGPU]),
    row("4g.47gb",    &E_4G,        said(5),  1, PRINTED, Some(47488), 47232, VGPU_HOST, &[47232, 47488], Some(64),  Some(4), [4, 0, 4, 0], &[COLFAX, VGPU]),
    row("7g.94gb",    &E_7G,        said(0),  1, PRINTED, Some(95360), 94848, VGPU_HOST, &[94848, 95360], Some(132), Some(8), [7, 0, 7, 1], &[COLFAX, VGPU]),
];

/// NVIDIA H100 SXM5 94GB.
#[rustfmt::skip]
pub(super) static H100_94GB_SXM: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor  basis  seen SM         CE       DEC ENC JPG OFA source
    row("1g.12gb",    &E_1G,        said(19), 7, TREE, None, 10752, RATIO, &[], Some(16),  Some(1), [1, 0, 1, 0], &[VGPU, GUIDE580]),
    row("1g.12gb+me", &E_1G_ME,     said(20), 1, TREE, None, 10752, RATIO, &[], Some(16),  Some(1), [1, 0, 1, 1], &[VGPU, GUIDE580]),
    row("1g.24gb",    &E_1G_DOUBLE, said(15), 4, TREE, None, 21504, RATIO, &[], Some(26),  Some(1), [1, 0, 1, 0], &[VGPU, GUIDE580]),
    row("2g.24gb",    &E_2G,        said(14), 3, TREE, None, 21504, RATIO, &[], Some(32),  Some(2), [2, 0, 2, 0], &[VGPU, GUIDE580]),
    row("3g.47gb",    &E_3G,        said(9),  2, TREE, None, 46208, RATIO, &[], Some(60),  Some(3), [3, 0, 3, 0], &[VGPU, GUIDE580]),
    row("4g.47gb",    &E_4G,        said(5),  1, TREE, None, 46208, RATIO, &[], Some(64),  Some(4), [4, 0, 4, 0], &[VGPU, GUIDE580]),
    row("7g.94gb",    &E_7G,        said(0),  1, TREE, None, 92416, RATIO, &[], Some(132), Some(8), [7, 0, 7, 1], &[VGPU, GUIDE580]),
];

/// NVIDIA GH200 96GB / H100 96GB.
#[rustfmt::skip]
pub(super) static GH200_96GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor  basis     seen SM         CE       DEC ENC JPG OFA source
    row("1g.12gb",    &E_1G,        said(19), 7, TREE, Some(11264), 11264, MEASURED, &[], Some(16),  Some(1), [1, 0, 1, 0], &[GH200_LGIP, GUIDE580]),
    row("1g.12gb+me", &E_1G_ME,     said(20), 1, TREE, Some(11264), 11264, MEASURED, &[], Some(16),  Some(1), [1, 0, 1, 1], &[GH200_LGIP, GUIDE580]),
    row("1g.24gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(23552), 23552, MEASURED, &[], Some(26),  Some(1), [1, 0, 1, 0], &[GH200_LGIP, GUIDE580]),
    row("2g.24gb",    &E_2G,        said(14), 3, TREE, Some(23552), 23552, MEASURED, &[], Some(32),  Some(2), [2, 0, 2, 0], &[GH200_LGIP, GUIDE580]),
    row("3g.48gb",    &E_3G,        said(9),  2, TREE, Some(47616), 47616, MEASURED, &[], Some(60),  Some(3), [3, 0, 3, 0], &[GH200_LGIP, GUIDE580]),
    row("4g.48gb",    &E_4G,        said(5),  1, TREE, Some(47616), 47616, MEASURED, &[], Some(64),  Some(4), [4, 0, 4, 0], &[GH200_LGIP, GUIDE580]),
    row("7g.96gb",    &E_7G,        said(0),  1, TREE, Some(95232), 95232, MEASURED, &[], Some(132), Some(8), [7, 0, 7, 1], &[GH200_LGIP, GUIDE580]),
];

/// NVIDIA H100 SXM5 64GB.
#[rustfmt::skip]
pub(super) static H100_64GB_SXM: [Profile; 7] = [
    //  name         shape         -cgi id   n  placed MiB   floor  basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.8gb",    &E_1G,        said(19), 7, TREE, None, 7296,  RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU]),
    row("1g.8gb+me", &E_1G_ME,     said(20), 1, TREE, None, 7296,  RATIO, &[], None, Some(1), [1, 0, 1, 1], &[VGPU]),
    row("1g.16gb",   &E_1G_DOUBLE, said(15), 4, TREE, None, 14656, RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU]),
    row("2g.16gb",   &E_2G,        said(14), 3, TREE, None, 14656, RATIO, &[], None, Some(2), [2, 0, 2, 0], &[VGPU]),
    row("3g.32gb",   &E_3G,        said(9),  2, TREE, None, 31424, RATIO, &[], None, Some(3), [3, 0, 3, 0], &[VGPU]),
    row("4g.32gb",   &E_4G,        said(5),  1, TREE, None, 31424, RATIO, &[], None, Some(4), [4, 0, 4, 0], &[VGPU]),
    row("7g.64gb",   &E_7G,        said(0),  1, TREE, None, 62912, RATIO, &[], None, Some(8), [7, 0, 7, 1], &[VGPU]),
];

/// NVIDIA H20 96GB.
#[rustfmt::skip]
pub(super) static H20_96GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor  basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.12gb",    &E_1G,        said(19), 7, TREE, None, 11008, RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU, MIG_PARTED]),
    row("1g.12gb+me", &E_1G_ME,     said(20), 1, TREE, None, 11008, RATIO, &[], None, Some(1), [1, 0, 1, 1], &[VGPU, MIG_PARTED]),
    row("1g.24gb",    &E_1G_DOUBLE, said(15), 4, TREE, None, 22016, RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU, MIG_PARTED]),
    row("2g.24gb",    &E_2G,        said(14), 3, TREE, None, 22016, RATIO, &[], None, Some(2), [2, 0, 2, 0], &[VGPU, MIG_PARTED]),
    row("3g.48gb",    &E_3G,        said(9),  2, TREE, None, 47168, RATIO, &[], None, Some(3), [3, 0, 3, 0], &[VGPU, MIG_PARTED]),
    row("4g.48gb",    &E_4G,        said(5),  1, TREE, None, 47168, RATIO, &[], None, Some(4), [4, 0, 4, 0], &[VGPU, MIG_PARTED]),
    row("7g.96gb",    &E_7G,        said(0),  1, TREE, None, 94400, RATIO, &[], None, Some(8), [7, 0, 7, 1], &[VGPU, MIG_PARTED]),
];

/// NVIDIA H20-3e 141GB.
#[rustfmt::skip]
pub(super) static H20_141GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor   basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.18gb",    &E_1G,        said(19), 7, TREE, None, 16128,  RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU]),
    row("1g.18gb+me", &E_1G_ME,     said(20), 1, TREE, None, 16128,  RATIO, &[], None, Some(1), [1, 0, 1, 1], &[VGPU]),
    row("1g.35gb",    &E_1G_DOUBLE, said(15), 4, TREE, None, 32320,  RATIO, &[], None, Some(1), [1, 0, 1, 0], &[VGPU]),
    row("2g.35gb",    &E_2G,        said(14), 3, TREE, None, 32320,  RATIO, &[], None, Some(2), [2, 0, 2, 0], &[VGPU]),
    row("3g.71gb",    &E_3G,        said(9),  2, TREE, None, 69312,  RATIO, &[], None, Some(3), [3, 0, 3, 0], &[VGPU]),
    row("4g.71gb",    &E_4G,        said(5),  1, TREE, None, 69312,  RATIO, &[], None, Some(4), [4, 0, 4, 0], &[VGPU]),
    row("7g.141gb",   &E_7G,        said(0),  1, TREE, None, 138688, RATIO, &[], None, Some(8), [7, 0, 7, 1], &[VGPU]),
];

/// NVIDIA H200 141GB (SXM / NVL).
#[rustfmt::skip]
pub(super) static H200_141GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB           floor   basis     seen SM         CE       DEC ENC JPG OFA source
    row("1g.18gb",    &E_1G,        said(19), 7, TREE, Some(16384),  16384,  MEASURED, &[], Some(16),  Some(1), [1, 0, 1, 0], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("1g.18gb+me", &E_1G_ME,     said(20), 1, TREE, Some(16384),  16384,  MEASURED, &[], Some(16),  Some(1), [1, 0, 1, 1], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("1g.35gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(33024),  33024,  MEASURED, &[], Some(26),  Some(1), [1, 0, 1, 0], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("2g.35gb",    &E_2G,        said(14), 3, TREE, Some(33024),  33024,  MEASURED, &[], Some(32),  Some(2), [2, 0, 2, 0], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("3g.71gb",    &E_3G,        said(9),  2, TREE, Some(71168),  71168,  MEASURED, &[], Some(60),  Some(3), [3, 0, 3, 0], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("4g.71gb",    &E_4G,        said(5),  1, TREE, Some(71168),  71168,  MEASURED, &[], Some(64),  Some(4), [4, 0, 4, 0], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
    row("7g.141gb",   &E_7G,        said(0),  1, TREE, Some(143104), 143104, MEASURED, &[], Some(132), Some(8), [7, 0, 7, 1], &[MIG_PARTED_120, GUIDE580, GKE_PARTITION]),
];

/// NVIDIA GH200 144GB HBM3e.
#[rustfmt::skip]
pub(super) static GH200_144GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor   basis     seen SM        CE       DEC ENC JPG OFA source
    row("1g.18gb",    &E_1G,        said(19), 7, TREE, Some(17920), 17920,  MEASURED, &[], Some(16), Some(1), [1, 0, 1, 0], &[MIG_PARTED, GUIDE580]),
    row("1g.18gb+me", &E_1G_ME,     said(20), 1, TREE, Some(17920), 17920,  MEASURED, &[], Some(16), Some(1), [1, 0, 1, 1], &[MIG_PARTED, GUIDE580]),
    row("1g.36gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(36096), 36096,  MEASURED, &[], Some(26), Some(1), [1, 0, 1, 0], &[MIG_PARTED, GUIDE580]),
    row("2g.36gb",    &E_2G,        said(14), 3, TREE, Some(36096), 36096,  MEASURED, &[], Some(32), Some(2), [2, 0, 2, 0], &[MIG_PARTED, GUIDE580]),
    row("3g.72gb",    &E_3G,        said(9),  2, TREE, None,        72192,  ADDITIVE, &[], None,     Some(3), [3, 0, 3, 0], &[MIG_PARTED, GUIDE580]),
    row("4g.72gb",    &E_4G,        said(5),  1, TREE, None,        72192,  ADDITIVE, &[], None,     Some(4), [4, 0, 4, 0], &[MIG_PARTED, GUIDE580]),
    row("7g.144gb",   &E_7G,        said(0),  1, TREE, None,        144384, ADDITIVE, &[], None,     Some(8), [7, 0, 7, 1], &[MIG_PARTED, GUIDE580]),
];
