// SPDX-License-Identifier: EPL-2.0
/** Loads x86 kernels by the PVH boot ABI. */
package org.xenolith.boot.pvh;
