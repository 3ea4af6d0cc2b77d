// SPDX-License-Identifier: EPL-2.0
/** EFI variables: what they mean, who may change them, and the log on a disk that keeps them. */
package org.xenolith.efi.variables;
