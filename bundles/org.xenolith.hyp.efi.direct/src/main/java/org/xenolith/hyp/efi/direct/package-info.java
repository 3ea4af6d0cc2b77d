// SPDX-License-Identifier: EPL-2.0
/** EFI's runtime services of domains, by code in their memory that calls the hypervisor. */
package org.xenolith.hyp.efi.direct;
