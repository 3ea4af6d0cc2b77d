// SPDX-License-Identifier: EPL-2.0
/** Random numbers from virtio entropy devices. */
package org.xenolith.efi.virtiorng;
