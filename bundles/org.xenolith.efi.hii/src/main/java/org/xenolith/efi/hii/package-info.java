// SPDX-License-Identifier: EPL-2.0
/** The database of strings that programs show to people. */
package org.xenolith.efi.hii;
