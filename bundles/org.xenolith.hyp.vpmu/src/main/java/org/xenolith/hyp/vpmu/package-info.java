// SPDX-License-Identifier: EPL-2.0
/** What guests find in place of performance monitors. */
package org.xenolith.hyp.vpmu;
