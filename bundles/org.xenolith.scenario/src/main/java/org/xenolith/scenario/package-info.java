/** Executes scenarios and reports what became of them. */
package org.xenolith.scenario;
