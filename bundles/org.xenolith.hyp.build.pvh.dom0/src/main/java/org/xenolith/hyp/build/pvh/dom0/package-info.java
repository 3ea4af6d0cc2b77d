// SPDX-License-Identifier: EPL-2.0
/** Builds hardware domains that are entered by the PVH boot ABI. */
package org.xenolith.hyp.build.pvh.dom0;
