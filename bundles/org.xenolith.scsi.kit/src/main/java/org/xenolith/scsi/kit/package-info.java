// SPDX-License-Identifier: EPL-2.0
/** A SCSI target without a transport: disks and CD-ROM drives as logical units, for whatever controller they are behind. */
@NullMarked
package org.xenolith.scsi.kit;

import org.jspecify.annotations.NullMarked;
