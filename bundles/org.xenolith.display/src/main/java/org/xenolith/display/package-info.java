// SPDX-License-Identifier: EPL-2.0
/** What people and scenarios see of a machine's displays. */
package org.xenolith.display;
