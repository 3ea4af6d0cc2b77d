// SPDX-License-Identifier: EPL-2.0
/** Grant tables: pages that domains let each other use. */
package org.xenolith.hyp.grant;
