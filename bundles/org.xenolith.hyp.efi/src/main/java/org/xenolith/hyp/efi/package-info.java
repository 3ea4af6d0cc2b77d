// SPDX-License-Identifier: EPL-2.0
/** Commands 49 and 50 of hypercall 7, platform_op: EFI's runtime services for Dom0, and what its firmware tells. */
package org.xenolith.hyp.efi;
