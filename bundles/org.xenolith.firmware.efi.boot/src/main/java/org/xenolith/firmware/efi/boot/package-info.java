// SPDX-License-Identifier: EPL-2.0
/** The core of UEFI firmware with boot services, which layers are added to. */
package org.xenolith.firmware.efi.boot;
