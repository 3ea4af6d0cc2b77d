// SPDX-License-Identifier: EPL-2.0
/** What a layer of UEFI firmware and the core of the firmware promise each other. */
@NullMarked
package org.xenolith.efi.boot.api;

import org.jspecify.annotations.NullMarked;
