// SPDX-License-Identifier: EPL-2.0
/** Network interfaces of virtio cards. */
package org.xenolith.efi.virtionet;
