// SPDX-License-Identifier: EPL-2.0
/** Device paths put together, and as text. */
package org.xenolith.efi.devicepath;
