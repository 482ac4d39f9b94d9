export { LIST_PRICES, PRICED, type Unit } from "./list-prices";
