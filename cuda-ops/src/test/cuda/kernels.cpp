// The kernels as they are, compiled for the CPU. The folder of the sources is on the include path, so that a test can put
// a changed copy in their place.
#include "emulation.h"

#include <accumulate.cu>
#include <convert.cu>
#include <pack.cu>
#include <select.cu>
#include <update.cu>

EMULATE(scape_accumulate);
EMULATE(scape_count_not_finite);
EMULATE(scape_track_noise);
EMULATE(scape_scale);
EMULATE(scape_statistic);
EMULATE(scape_histogram);
EMULATE(scape_choose_bucket);
EMULATE(scape_count_tiles);
EMULATE(scape_scan_tiles);
EMULATE(scape_emit);
EMULATE(scape_pack);
EMULATE(scape_gather);
EMULATE(scape_scatter);
EMULATE(scape_update);
EMULATE(scape_reconstruct);
EMULATE(scape_to_bf16);
EMULATE(scape_from_bf16);
EMULATE(scape_to_fp16);
EMULATE(scape_from_fp16);
