// SPDX-License-Identifier: EPL-2.0
/** What layers of UEFI firmware have in common. */
@NullMarked
package org.xenolith.efi.boot.kit;

import org.jspecify.annotations.NullMarked;
