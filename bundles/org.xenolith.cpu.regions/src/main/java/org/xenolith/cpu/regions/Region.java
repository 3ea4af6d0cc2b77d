package org.xenolith.cpu.regions;

/**
 * A way into translated code, with what must hold there.
 *
 * @param code   the code
 * @param entry  number of the way in
 * @param need   instructions of the longest way to a check
 * @param vector whether the code uses FP or SIMD, which must not trap
 */
record Region(RegionCode code, int entry, int need, boolean vector) { }
