/** Generic host bridges: ECAM and CAM. */
package org.xenolith.hw.pcihost.ecam;
