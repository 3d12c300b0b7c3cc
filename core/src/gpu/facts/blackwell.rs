//! MIG profiles of Blackwell GPUs.
//!
//! Columns: name, shape, `-cgi` id, most instances, how placements are known, MiB measured, MiB floor,
//! basis of the floor, other MiB seen, SMs, copy engines, [decoders, encoders, JPEG, OFA], sources.

use super::row::*;
use super::sources::*;
use crate::gpu::Profile;

/// NVIDIA B200 (180GB class).
#[rustfmt::skip]
pub(super) static B200_180GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor   basis     seen             SM        CE        DEC ENC JPG OFA source
    row("1g.23gb",    &E_1G,        said(19), 7, TREE, Some(20992), 20992,  MEASURED, &[20992, 22528], Some(18), Some(2),  [1, 0, 1, 0], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("1g.23gb+me", &E_1G_ME,     said(20), 1, TREE, Some(20992), 20992,  MEASURED, &[],             Some(18), Some(2),  [1, 0, 1, 1], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("1g.45gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(45312), 45312,  MEASURED, &[],             Some(30), Some(2),  [1, 0, 1, 0], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("2g.45gb",    &E_2G,        said(14), 3, TREE, Some(45312), 45312,  MEASURED, &[],             Some(36), Some(4),  [2, 0, 2, 0], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("3g.90gb",    &E_3G,        said(9),  2, TREE, None,        90624,  ADDITIVE, &[],             None,     Some(6),  [3, 0, 3, 0], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("4g.90gb",    &E_4G,        said(5),  1, TREE, None,        90624,  ADDITIVE, &[],             None,     Some(8),  [4, 0, 4, 0], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
    row("7g.180gb",   &E_7G,        said(0),  1, TREE, None,        181248, ADDITIVE, &[],             None,     Some(16), [7, 0, 7, 1], &[MIG_PARTED, GPU_OPERATOR_2155, GKE_PARTITION, GUIDE580]),
];

/// NVIDIA GB200 (186GB class).
#[rustfmt::skip]
pub(super) static GB200_186GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB          floor   basis     seen      SM        CE        DEC ENC JPG OFA source
    row("1g.23gb",    &E_1G,        said(19), 7, TREE, Some(22528), 22528,  MEASURED, &[22528], Some(18), Some(2),  [1, 0, 1, 0], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("1g.23gb+me", &E_1G_ME,     said(20), 1, TREE, Some(22528), 22528,  MEASURED, &[],      Some(18), Some(2),  [1, 0, 1, 1], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("1g.47gb",    &E_1G_DOUBLE, said(15), 4, TREE, Some(46592), 46592,  MEASURED, &[],      Some(32), Some(2),  [1, 0, 1, 0], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("2g.47gb",    &E_2G,        said(14), 3, TREE, Some(46592), 46592,  MEASURED, &[],      Some(38), Some(4),  [2, 0, 2, 0], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("3g.93gb",    &E_3G,        said(9),  2, TREE, None,        93184,  ADDITIVE, &[],      None,     Some(6),  [3, 0, 3, 0], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("4g.93gb",    &E_4G,        said(5),  1, TREE, None,        93184,  ADDITIVE, &[],      None,     Some(8),  [4, 0, 4, 0], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
    row("7g.186gb",   &E_7G,        said(0),  1, TREE, None,        186368, ADDITIVE, &[],      None,     Some(16), [7, 0, 7, 1], &[MIG_PARTED_227, GKE_PARTITION, GUIDE580]),
];

/// NVIDIA B300 (269GB class).
#[rustfmt::skip]
pub(super) static B300_269GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor   basis  seen SM    CE        DEC ENC JPG OFA source
    row("1g.34gb",    &E_1G,        like(19), 7, TREE, None, 30912,  RATIO, &[], None, Some(2),  [1, 0, 1, 0], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("1g.34gb+me", &E_1G_ME,     like(20), 1, TREE, None, 30912,  RATIO, &[], None, Some(2),  [1, 0, 1, 1], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("1g.67gb",    &E_1G_DOUBLE, like(15), 4, TREE, None, 61824,  RATIO, &[], None, Some(2),  [1, 0, 1, 0], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("2g.67gb",    &E_2G,        like(14), 3, TREE, None, 61824,  RATIO, &[], None, Some(4),  [2, 0, 2, 0], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("3g.135gb",   &E_3G,        like(9),  2, TREE, None, 132672, RATIO, &[], None, Some(6),  [3, 0, 3, 0], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("4g.135gb",   &E_4G,        like(5),  1, TREE, None, 132672, RATIO, &[], None, Some(8),  [4, 0, 4, 0], &[MIG_PARTED, HYPERPOD, GUIDE620]),
    row("7g.269gb",   &E_7G,        like(0),  1, TREE, None, 265408, RATIO, &[], None, Some(16), [7, 0, 7, 1], &[MIG_PARTED, HYPERPOD, GUIDE620]),
];

/// NVIDIA GB300 (278GB class).
#[rustfmt::skip]
pub(super) static GB300_278GB: [Profile; 7] = [
    //  name          shape         -cgi id   n  placed MiB   floor   basis  seen SM    CE        DEC ENC JPG OFA source
    row("1g.35gb",    &E_1G,        said(19), 7, TREE, None, 31936,  RATIO, &[], None, Some(2),  [1, 0, 1, 0], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("1g.35gb+me", &E_1G_ME,     said(20), 1, TREE, None, 31936,  RATIO, &[], None, Some(2),  [1, 0, 1, 1], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("1g.70gb",    &E_1G_DOUBLE, said(15), 4, TREE, None, 63936,  RATIO, &[], None, Some(2),  [1, 0, 1, 0], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("2g.70gb",    &E_2G,        said(14), 3, TREE, None, 63936,  RATIO, &[], None, Some(4),  [2, 0, 2, 0], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("3g.139gb",   &E_3G,        said(9),  2, TREE, None, 137088, RATIO, &[], None, Some(6),  [3, 0, 3, 0], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("4g.139gb",   &E_4G,        said(5),  1, TREE, None, 137088, RATIO, &[], None, Some(8),  [4, 0, 4, 0], &[GB300_PLAYBOOK, MIG_PARTED]),
    row("7g.278gb",   &E_7G,        said(0),  1, TREE, None, 274240, RATIO, &[], None, Some(16), [7, 0, 7, 1], &[GB300_PLAYBOOK, MIG_PARTED]),
];

/// NVIDIA RTX PRO 6000 Blackwell 96GB.
#[rustfmt::skip]
pub(super) static RTX_PRO_6000_96GB: [Profile; 11] = [
    //  name              shape         -cgi id   n  placed   MiB          floor  basis         seen             SM         CE       DEC ENC JPG OFA source
    row("1g.24gb",        &T_1G,        said(14), 4, PRINTED, Some(24192), 23680, SERVER_BOARD, &[23680, 24192], Some(46),  Some(1), [1, 1, 1, 0], &[RTX6000_BLOG, GUIDE580]),
    row("1g.24gb+me",     &T_1G_ME,     said(21), 1, PRINTED, Some(24192), 23680, SERVER_BOARD, &[],             Some(46),  Some(1), [1, 1, 1, 1], &[RTX6000_BLOG, GUIDE580]),
    row("1g.24gb+gfx",    &T_1G_GFX,    said(47), 4, PRINTED, Some(24192), 23680, SERVER_BOARD, &[],             Some(46),  Some(1), [1, 1, 1, 0], &[RTX6000_BLOG, GUIDE580]),
    row("1g.24gb+me.all", &T_1G_ME_ALL, said(65), 1, PRINTED, Some(24192), 23680, SERVER_BOARD, &[],             Some(46),  Some(1), [4, 4, 4, 1], &[RTX6000_BLOG, GUIDE580]),
    row("1g.24gb-me",     &T_1G_NO_ME,  said(67), 4, PRINTED, Some(24192), 23680, SERVER_BOARD, &[],             Some(46),  Some(1), [0, 0, 0, 0], &[RTX6000_BLOG, GUIDE580]),
    row("2g.48gb",        &T_2G,        said(5),  2, PRINTED, Some(48512), 47616, SERVER_BOARD, &[47616, 48512], Some(94),  Some(2), [2, 2, 2, 0], &[RTX6000_BLOG, GUIDE580]),
    row("2g.48gb+gfx",    &T_2G_GFX,    said(35), 2, PRINTED, Some(48512), 47616, SERVER_BOARD, &[],             Some(94),  Some(2), [2, 2, 2, 0], &[RTX6000_BLOG, GUIDE580]),
    row("2g.48gb+me.all", &T_2G_ME_ALL, said(64), 1, PRINTED, Some(48512), 47616, SERVER_BOARD, &[],             Some(94),  Some(2), [4, 4, 4, 1], &[RTX6000_BLOG, GUIDE580]),
    row("2g.48gb-me",     &T_2G_NO_ME,  said(66), 2, PRINTED, Some(48512), 47616, SERVER_BOARD, &[],             Some(94),  Some(2), [0, 0, 0, 0], &[RTX6000_BLOG, GUIDE580]),
    row("4g.96gb",        &T_4G,        said(0),  1, PRINTED, Some(97280), 95232, ADDITIVE,     &[97280, 97408], Some(188), Some(4), [4, 4, 4, 1], &[RTX6000_BLOG, GUIDE580]),
    row("4g.96gb+gfx",    &T_4G_GFX,    said(32), 1, PRINTED, Some(97280), 95232, ADDITIVE,     &[],             Some(188), Some(4), [4, 4, 4, 1], &[RTX6000_BLOG, GUIDE580]),
];

/// NVIDIA RTX PRO 5000 Blackwell 48GB.
#[rustfmt::skip]
pub(super) static RTX_PRO_5000_48GB: [Profile; 7] = [
    //  name              shape         -cgi id n  placed   MiB   floor  basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.24gb",        &H_1G,        NO_ID, 2, ASSUMED, None, 23552, RATIO, &[], None, None,    [1, 1, 0, 0], &[GUIDE_NEW]),
    row("1g.24gb+me",     &H_1G_ME,     NO_ID, 1, ASSUMED, None, 23552, RATIO, &[], None, None,    [1, 1, 1, 1], &[GUIDE_NEW]),
    row("1g.24gb+gfx",    &H_1G_GFX,    NO_ID, 2, ASSUMED, None, 23552, RATIO, &[], None, None,    [1, 1, 0, 0], &[GUIDE_NEW]),
    row("1g.24gb+me.all", &H_1G_ME_ALL, NO_ID, 1, ASSUMED, None, 23552, RATIO, &[], None, None,    [3, 3, 1, 1], &[GUIDE_NEW]),
    row("1g.24gb-me",     &H_1G_NO_ME,  NO_ID, 2, ASSUMED, None, 23552, RATIO, &[], None, None,    [0, 0, 0, 0], &[GUIDE_NEW]),
    row("2g.48gb",        &H_2G,        NO_ID, 1, ASSUMED, None, 47168, RATIO, &[], None, Some(4), [3, 3, 1, 1], &[GUIDE_NEW]),
    row("2g.48gb+gfx",    &H_2G_GFX,    NO_ID, 1, ASSUMED, None, 47168, RATIO, &[], None, Some(4), [3, 3, 1, 1], &[GUIDE_NEW]),
];

/// NVIDIA RTX PRO 4500 Blackwell 32GB.
#[rustfmt::skip]
pub(super) static RTX_PRO_4500_32GB: [Profile; 6] = [
    //  name              shape         -cgi id n  placed   MiB   floor  basis  seen SM    CE       DEC ENC JPG OFA source
    row("1g.16gb",        &H_1G,        NO_ID, 2, ASSUMED, None, 15680, RATIO, &[], None, None,    [1, 1, 1, 0], &[GUIDE_NEW]),
    row("1g.16gb+gfx",    &H_1G_GFX,    NO_ID, 2, ASSUMED, None, 15680, RATIO, &[], None, None,    [1, 1, 1, 0], &[GUIDE_NEW]),
    row("1g.16gb+me.all", &H_1G_ME_ALL, NO_ID, 1, ASSUMED, None, 15680, RATIO, &[], None, None,    [3, 3, 2, 1], &[GUIDE_NEW]),
    row("1g.16gb-me",     &H_1G_NO_ME,  NO_ID, 2, ASSUMED, None, 15680, RATIO, &[], None, None,    [0, 0, 0, 0], &[GUIDE_NEW]),
    row("2g.32gb",        &H_2G,        NO_ID, 1, ASSUMED, None, 31424, RATIO, &[], None, Some(2), [3, 3, 2, 1], &[GUIDE_NEW]),
    row("2g.32gb+gfx",    &H_2G_GFX,    NO_ID, 1, ASSUMED, None, 31424, RATIO, &[], None, Some(2), [3, 3, 2, 1], &[GUIDE_NEW]),
];
