// SPDX-License-Identifier: EPL-2.0
/** Parallel NOR flash with the common flash interface and Intel's command set. */
package org.xenolith.hw.flash.cfi;
