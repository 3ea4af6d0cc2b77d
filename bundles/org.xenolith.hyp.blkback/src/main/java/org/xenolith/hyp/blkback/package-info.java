// SPDX-License-Identifier: EPL-2.0
/** The back end of PV block devices. */
package org.xenolith.hyp.blkback;
