// SPDX-License-Identifier: EPL-2.0
/** What variables of Secure Boot and signatures are made of (UEFI 2.10, chapter 32). */
package org.xenolith.efi.secure.kit;
