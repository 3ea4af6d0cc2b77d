// SPDX-License-Identifier: EPL-2.0
/** PV network interfaces of a domain as EFI's network protocol. */
package org.xenolith.efi.xenpvnet;
