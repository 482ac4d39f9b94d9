export { LIST_PRICES, lambdaMillisecond, PRICED, TRANSITIONS_OF_A_PICTURE, type Unit } from "./list-prices";
