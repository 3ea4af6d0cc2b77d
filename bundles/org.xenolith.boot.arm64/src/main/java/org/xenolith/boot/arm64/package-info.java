// SPDX-License-Identifier: EPL-2.0
/** Loads arm64 {@code Image} kernels. Facts from Linux's public boot protocol, Documentation/arch/arm64/booting.rst. */
package org.xenolith.boot.arm64;
