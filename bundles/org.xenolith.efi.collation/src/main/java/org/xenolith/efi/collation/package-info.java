// SPDX-License-Identifier: EPL-2.0
/** Comparing texts without regard to case. */
package org.xenolith.efi.collation;
