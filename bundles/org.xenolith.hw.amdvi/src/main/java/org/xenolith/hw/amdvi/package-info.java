// SPDX-License-Identifier: EPL-2.0
/** The I/O memory management unit of AMD's processors: what stands between bus masters and memory, and between them and the local APICs. */
package org.xenolith.hw.amdvi;
