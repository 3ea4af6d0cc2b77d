// SPDX-License-Identifier: EPL-2.0
/** Executes scenarios and reports what became of them. */
package org.xenolith.scenario;
