// SPDX-License-Identifier: EPL-2.0
/** What is found out of calls that do not come back, and of models that throw. */
package org.xenolith.machine.hang;
