// SPDX-License-Identifier: EPL-2.0
/** SCSI devices behind a host. */
package org.xenolith.efi.scsi;
