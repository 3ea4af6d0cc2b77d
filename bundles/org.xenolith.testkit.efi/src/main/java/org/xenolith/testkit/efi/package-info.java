// SPDX-License-Identifier: EPL-2.0
/** What layers of UEFI firmware are tested with, without a machine: a firmware that runs their functions, and disks for it. */
@NullMarked
package org.xenolith.testkit.efi;

import org.jspecify.annotations.NullMarked;
