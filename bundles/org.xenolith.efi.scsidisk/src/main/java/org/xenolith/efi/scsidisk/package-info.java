// SPDX-License-Identifier: EPL-2.0
/** Blocks of SCSI disks. */
package org.xenolith.efi.scsidisk;
