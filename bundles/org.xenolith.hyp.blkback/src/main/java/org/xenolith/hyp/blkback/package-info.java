/** The back end of PV block devices. */
package org.xenolith.hyp.blkback;
