export { opensAccess, type StatementChange, statementChanges } from "./compare";
export { type AccessRequest, allowedBy, type Decision, evaluate, type Principal } from "./evaluate";
export { type CheckedStatement, type PolicyDocument, type PolicyKind, parsePolicy } from "./parse-policy";
export { PolicyFault } from "./policy-fault";
export { type Clause, type Condition, readStatements, type Statement } from "./statement";
export type { RequestContext } from "./variables";
export { matchesPattern } from "./wildcards";
export { type PolicyStatement, policyDocument } from "./written-policy";
