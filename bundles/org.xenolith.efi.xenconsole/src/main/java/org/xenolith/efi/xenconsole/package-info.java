// SPDX-License-Identifier: EPL-2.0
/** The PV console of a domain as EFI's serial protocol. */
package org.xenolith.efi.xenconsole;
