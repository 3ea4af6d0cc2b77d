// SPDX-License-Identifier: EPL-2.0
/** The boot manager of UEFI firmware. */
package org.xenolith.efi.manager;
