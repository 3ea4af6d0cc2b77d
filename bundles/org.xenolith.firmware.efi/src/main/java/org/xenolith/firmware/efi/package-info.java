// SPDX-License-Identifier: EPL-2.0
/** The core of EFI firmware, and how it comes into a machine. */
package org.xenolith.firmware.efi;
