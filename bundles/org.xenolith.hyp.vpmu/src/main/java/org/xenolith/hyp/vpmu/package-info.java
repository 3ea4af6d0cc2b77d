/** What guests find in place of performance monitors. */
package org.xenolith.hyp.vpmu;
