// SPDX-License-Identifier: EPL-2.0
/** Builds domains that are entered by the PVH boot ABI. */
package org.xenolith.hyp.build.pvh;
