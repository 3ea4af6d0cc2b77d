// SPDX-License-Identifier: EPL-2.0
/**
 * What builders of domains that are entered by the PVH boot ABI have in common: where things are in such a domain's memory
 * ({@link org.xenolith.hyp.build.pvh.kit.PvhMap}), what its kernel is given ({@link org.xenolith.hyp.build.pvh.kit.StartData}, copied by
 * {@link org.xenolith.hyp.build.pvh.kit.StartPages}), which devices it has and the tables that say so
 * ({@link org.xenolith.hyp.build.pvh.kit.PvhContainer}, {@link org.xenolith.hyp.build.pvh.kit.PvhTables}), and whether tables and devices agree
 * ({@link org.xenolith.hyp.build.pvh.kit.ContainerCheck}).
 */
@NullMarked
package org.xenolith.hyp.build.pvh.kit;

import org.jspecify.annotations.NullMarked;
