// SPDX-License-Identifier: EPL-2.0
/** What variables of Secure Boot and signatures are made of (UEFI 2.10, chapter 32). */
@NullMarked
package org.xenolith.efi.secure.kit;

import org.jspecify.annotations.NullMarked;
