// SPDX-License-Identifier: EPL-2.0
/** The System MMU version 3: what stands between bus masters and memory. */
package org.xenolith.hw.smmuv3;
