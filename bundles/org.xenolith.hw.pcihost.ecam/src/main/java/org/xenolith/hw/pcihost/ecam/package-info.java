// SPDX-License-Identifier: EPL-2.0
/** Generic host bridges: ECAM and CAM. */
package org.xenolith.hw.pcihost.ecam;
