// SPDX-License-Identifier: EPL-2.0
/** Measures the product side by side with QEMU and keeps what was measured. */
package org.xenolith.bench;
