// SPDX-License-Identifier: EPL-2.0
/** NVMe controllers as EFI's block protocol. */
package org.xenolith.efi.nvme;
